import { useParams } from "@tanstack/react-router";
import { WorkloadDetail } from "./workload-detail";

/** One workflow. */
export default function Workflow() {
  const { name } = useParams({ from: "/workflows/$name" });
  return <WorkloadDetail key={name} dimension="workflow" name={name} />;
}
