/** How far a notice came, in words. */
export const STATES = { given_up: "Did not arrive", waiting: "On its way", delivered: "Delivered" } as const;

/** How a state is marked. */
export const TONES = { given_up: "crit", waiting: "warn", delivered: "ok" } as const;
