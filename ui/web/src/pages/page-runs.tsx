import { useView } from "../ui/house";
import { RunList } from "./runs-list";
import { RunPage } from "./runs-one";
import "./runs.css";

/** Runs, or the one that the address names. */
export default function Runs() {
  const { view } = useView();
  return view.run ? <RunPage run={view.run} /> : <RunList />;
}
