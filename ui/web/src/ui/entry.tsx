import { useQuery } from "@tanstack/react-query";
import { Fault, getSession, signIn, type Session } from "../api/client";
import { Door, said } from "../pages/door";
import { HouseProvider } from "./house";
import { Shell } from "./shell";
import { Trouble } from "./trouble";

/** Lets in who has a session, and shows the door to everybody else. */
export function Entry() {
  const asked = useQuery<Session, Fault>({ queryKey: ["session"], queryFn: enter });
  if (asked.data && !asked.error) {
    document.title = asked.data.demo ? "DEMO · Bursar" : "Bursar";
    return (
      <HouseProvider session={asked.data}>
        <Shell />
      </HouseProvider>
    );
  }
  if (!asked.error) return <p role="status">Opening…</p>;
  if (asked.error.status !== 401) return <Trouble fault={asked.error} again={() => void asked.refetch()} />;
  return <Door entered={() => void asked.refetch()} why={refused} />;
}

let refused = ""; // why the link's token was not taken, said once at the door

// The one-time link of the demo carries the token behind the #, which browsers keep to
// themselves. It leaves the address before anything else happens.
async function enter(): Promise<Session> {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) {
    history.replaceState(history.state, "", location.pathname + location.search);
    await signIn(token).catch((fault: unknown) => {
      refused = said(fault);
    });
  }
  return getSession();
}
