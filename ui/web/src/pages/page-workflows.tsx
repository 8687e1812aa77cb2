import { WorkloadList } from "./workload-list";

/** Which work costs what, and what it yields. */
export default function Workflows() {
  return <WorkloadList dimension="workflow" />;
}
