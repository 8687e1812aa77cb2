// Package calendar reads time as an organisation's finance does: days in its
// zone, and the periods, quarters and years of its fiscal calendar, be they of
// months or of weeks (4-4-5).
//
// It refuses to know today: instants go in, instants and names come out. It has
// no clock and no file; the zone database is Go's.
//
// Start with Calendar. Invariant: buckets of one grain tile time, each begins
// where the one before ends, and every period lies in one quarter and one year.
package calendar
