// Package market says how list prices moved from month to month: those of what an
// organisation used, and those of the whole price book.
//
// It is for the question whether a bill moved with the market or against it, and what
// this month's usage would have cost at earlier prices. Every price comes out of the
// price book by the one rater that prices calls.
//
// It refuses to compare what is not alike: a model counts in the months in which it has
// a price at both ends, a name that went over to another model does not count in that
// month, and what has no price then is told beside, never at zero. What others paid is
// not known: prices are lists, promotions included.
//
// Start with Ours, then Basket.
package market
