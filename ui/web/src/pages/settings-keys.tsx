import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { getTokens, revoke, rotate, type Token } from "../api/keeping";
import { Listing, Panel } from "../ui/listing";
import { said } from "../ui/said";
import { long } from "../lib/time";
import { NewKey } from "./settings-new-key";
import { AskedMenu } from "../ui/asked-menu";
import { Detail, Facts } from "../ui/detail";
import { askedOf, scopeOf, useMoment, usePages } from "./settings-pages";

/** Keys of programs and people: made, replaced and ended here. */
export function Keys() {
  const { more, ...asked } = usePages<Token>(["tokens"], getTokens);
  const at = useMoment();
  const [open, setOpen] = useState<Token | null>(null);
  const queries = useQueryClient();
  const [secret, setSecret] = useState("");
  const made = (text: string): void => {
    setSecret(text);
    void queries.invalidateQueries({ queryKey: ["settings"] });
  };
  const exports = askedOf("/api/v1/tokens", "keys", {
    csv: true,
    query: { limit: "1000" },
    command: "bursar key list --output json",
  });
  return (
    <Panel
      title="Keys"
      note="without their secrets, the oldest first"
      end={<AskedMenu name="the keys" asked={exports} />}
      asked={asked}
      show={(tokens) => (
        <>
          <NewKey made={made} />
          {secret && (
            <div className="notice" role="status">
              <p>This is shown once. Keep it where the program reads it:</p>
              <pre tabIndex={0}>{secret}</pre>
              <button className="control" onClick={() => setSecret("")}>
                I have it
              </button>
            </div>
          )}
          <Listing<Token>
            label="Keys"
            lines={tokens}
            idOf={(t) => t.prefix}
            none="There is no key."
            open={setOpen}
            fields={[
              { name: "Name", show: (t) => t.name },
              { name: "Prefix", show: (t) => <code>{t.prefix}</code> },
              { name: "Kind", show: (t) => t.kind },
              { name: "Scope", show: (t) => scopeOf(t.scope) },
              { name: "Made", show: (t) => at(t.created) },
              { name: "Last used", show: (t) => (t.last_used ? long(t.last_used) : "never") },
              {
                name: "Ends",
                show: (t) => (t.revoked ? `revoked ${at(t.revoked)}` : t.expires ? at(t.expires) : "never"),
              },
              { name: "Change it", show: (t) => (t.revoked ? "\u2013" : <Change token={t} made={made} />) },
            ]}
          />
          {more}
          <Detail title={open && open.name} close={() => setOpen(null)}>
            {open && <Facts facts={factsOf(open, at)} />}
          </Detail>
        </>
      )}
    />
  );
}

function factsOf(t: Token, at: (text: string | undefined) => string): [string, string][] {
  return [
    ["Prefix", t.prefix],
    ["Kind", t.kind],
    ["Role", t.role],
    ["Scope", scopeOf(t.scope)],
    [
      "Below its scope",
      Object.entries(t.bounds ?? {})
        .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
        .join(", "),
    ],
    ["Made", at(t.created)],
    ["Last used", t.last_used ? `${long(t.last_used)}, by days in UTC` : "never"],
    ["Ends", t.expires ? at(t.expires) : "never"],
    ["Revoked", t.revoked ? at(t.revoked) : ""],
  ];
}

function Change({ token, made }: { token: Token; made: (secret: string) => void }) {
  const [sure, setSure] = useState(false);
  const [told, setTold] = useState("");
  const fail = (fault: unknown): void => setTold(said(fault));
  if (sure)
    return (
      <>
        Callers with it are refused at once.{" "}
        <button className="quiet" onClick={() => void revoke(token.prefix).then(() => made(""), fail)}>
          Revoke {token.name}
        </button>{" "}
        <button className="quiet" onClick={() => setSure(false)}>
          Keep it
        </button>
        <span role="status">{told}</span>
      </>
    );
  return (
    <div className="changes">
      <button
        className="quiet"
        title="a new secret; the old one ends after 24 hours"
        onClick={() => void rotate(token.prefix).then((issued) => made(issued.secret ?? ""), fail)}
      >
        Rotate
      </button>
      <button className="quiet" onClick={() => setSure(true)}>
        Revoke
      </button>
      <span role="status">{told}</span>
    </div>
  );
}
