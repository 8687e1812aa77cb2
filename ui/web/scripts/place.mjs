// Puts what was built in the place that the binary embeds, in one move.
import { renameSync, rmSync } from "node:fs";

const place = new URL("../../dist", import.meta.url).pathname;
rmSync(place, { recursive: true, force: true });
renameSync(new URL("../built", import.meta.url).pathname, place);
