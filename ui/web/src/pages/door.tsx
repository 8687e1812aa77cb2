import { useState, type FormEvent } from "react";
import { Fault, signIn } from "../api/client";
import { said as worded } from "../ui/said";

/** Asks for a token. It is sent once, for a cookie that no script can read, and kept nowhere. */
export function Door({ entered, why }: { entered: () => void; why: string }) {
  const [token, setToken] = useState("");
  const [error, setError] = useState(why);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setError("");
    signIn(token.trim()).then(entered, (fault: unknown) => {
      setToken("");
      setError(said(fault));
    });
  };
  return (
    <main className="door card">
      <p className="brand">
        <img src="/icon.svg" alt="" width="22" height="22" />
        Bursar
      </p>
      <p className="soft">The accounts of your organisation’s AI.</p>
      <h1>Sign in</h1>
      <form onSubmit={submit}>
        <label htmlFor="token">Token</label>
        <input
          id="token"
          type="password"
          autoComplete="off"
          spellCheck={false}
          required
          placeholder="bursar_…"
          value={token}
          onChange={(e) => setToken(e.target.value)}
        />
        <button className="control primary">Sign in</button>
        <p className="error" role="alert">
          {error}
        </p>
      </form>
      <p className="soft">
        The first one is in the file <code>admin-token</code> of the server’s data folder; the server said where at its
        first start. For another: <code>bursar key create admin --name my-browser</code>, or one of finance, lead or
        viewer, which see what they may
      </p>
    </main>
  );
}

/** Words a refusal at the door; how programs send a token is of no help here. */
export function said(fault: unknown): string {
  return fault instanceof Fault && fault.status === 401 ? fault.message : worded(fault);
}
