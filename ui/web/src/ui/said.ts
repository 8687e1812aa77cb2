import { Fault } from "../api/client";

/** What went wrong and what to do, for a reader who knows nothing of the interface. */
export interface Words {
  what: string;
  next: string;
}

const ENDED = { what: "Your sign-in has ended.", next: "Load the page again and sign in." };
const BEYOND = {
  what: "Your role does not reach this.",
  next: "Ask an administrator of Bursar to do or show it for you, or to give you a wider role.",
};
const NOTHING = {
  what: "There is nothing of this name that you may see.",
  next: "Look for it in its list; it may have another name now, or be of another team.",
};
const SILENT = {
  what: "Bursar does not answer.",
  next: "This page tries again by itself; if it stays so, tell whoever runs Bursar.",
};
const BUSY = {
  what: "Bursar cannot answer now.",
  next: "Try again in a minute; if it stays so, tell whoever runs Bursar, with the number of the request.",
};
const OURS = {
  what: "Something went wrong inside Bursar.",
  next: "Try again; if it stays so, tell whoever runs Bursar, with the number of the request.",
};
const SLOW = { what: "The answer took too long.", next: "Choose a shorter range, or fewer groups." };
const MANY = { what: "Too much was asked at once.", next: "Wait some seconds, and try again." };

const WORDS: Record<number, Words> = {
  0: SILENT,
  401: ENDED,
  403: BEYOND,
  404: NOTHING,
  429: MANY,
  500: OURS,
  502: BUSY,
  503: BUSY,
  504: SLOW,
};

/** Words a refusal. What somebody typed is refused in the words of the server, which name it. */
export const wordsOf = (fault: Fault): Words => WORDS[fault.status] ?? { what: fault.message, next: fault.hint };

/** Words why something did not work, and what to do. */
export function said(fault: unknown): string {
  if (!(fault instanceof Fault)) return "This did not work; try again.";
  const { what, next } = wordsOf(fault);
  return [what, next].filter(Boolean).join(what.endsWith(".") ? " " : ". ");
}
