import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { getTokens, revoke, rotate, type Token } from "../api/keeping";
import { Listing, Panel } from "../ui/listing";
import { said } from "../ui/said";
import { NewKey } from "./settings-new-key";
import { minute, usePages } from "./settings-pages";

/** Keys of programs and people: made, replaced and ended here. */
export function Keys() {
  const { more, ...asked } = usePages<Token>("tokens", getTokens);
  const queries = useQueryClient();
  const [secret, setSecret] = useState("");
  const made = (text: string): void => {
    setSecret(text);
    void queries.invalidateQueries({ queryKey: ["settings"] });
  };
  const scope = (t: Token): string =>
    Object.entries(t.scope)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(", ") || "everything";
  return (
    <Panel
      title="Keys"
      note="without their secrets, the oldest first"
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
            fields={[
              { name: "Name", show: (t) => t.name },
              { name: "Prefix", show: (t) => <code>{t.prefix}</code> },
              { name: "Kind", show: (t) => t.kind },
              { name: "Scope", show: scope },
              { name: "Made", show: (t) => minute(t.created) },
              { name: "Last used", show: (t) => t.last_used || "never" },
              { name: "Ends", show: (t) => (t.revoked ? `revoked ${minute(t.revoked)}` : minute(t.expires)) },
              { name: "Change it", show: (t) => (t.revoked ? "\u2013" : <Change token={t} made={made} />) },
            ]}
          />
          {more}
        </>
      )}
    />
  );
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
    <>
      <button
        className="quiet"
        title="a new secret; the old one ends after 24 hours"
        onClick={() => void rotate(token.prefix).then((issued) => made(issued.secret ?? ""), fail)}
      >
        Rotate
      </button>{" "}
      <button className="quiet" onClick={() => setSure(true)}>
        Revoke
      </button>
      <span role="status">{told}</span>
    </>
  );
}
