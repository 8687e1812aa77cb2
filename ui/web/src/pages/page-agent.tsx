import { useParams } from "@tanstack/react-router";
import { WorkloadDetail } from "./workload-detail";

/** One agent. */
export default function Agent() {
  const { name } = useParams({ from: "/agents/$name" });
  return <WorkloadDetail key={name} dimension="agent" name={name} />;
}
