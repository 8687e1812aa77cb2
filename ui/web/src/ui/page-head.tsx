import type { ReactNode } from "react";
import type { Answer } from "../api/client";
import type { Question } from "../lib/view";
import { ExportMenu } from "./export-menu";
import { useView } from "./house";
import { TrustStrip } from "./trust-strip";
import { Wider } from "./wider";

/** What stands at the head of every page: its window, its exports and what the figures rest on. */
export function PageHead({
  title,
  answer,
  question,
  end,
}: {
  title: string;
  answer: Pick<Answer, "meta" | "total">;
  question: Question;
  end?: ReactNode; // the exports of a page that shows more than its question
}) {
  const { window: w, change } = useView();
  return (
    <>
      <div className="head">
        <h1>{title}</h1>
        <p className="soft">
          {w.text}
          {w.before && `; change against ${w.before}`}
        </p>
        {end ?? <ExportMenu question={question} />}
      </div>
      <TrustStrip answer={answer} />
      {answer.total.calls === 0 && (
        <p className="notice">
          No call in {w.text} matches. <Wider />{" "}
          <button className="quiet" onClick={() => change({ range: "today" })}>
            Show today so far
          </button>
        </p>
      )}
    </>
  );
}
