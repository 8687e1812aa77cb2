import { WorkloadList } from "./workload-list";

/** Who is burning now. */
export default function Agents() {
  return <WorkloadList dimension="agent" />;
}
