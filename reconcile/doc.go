// Package reconcile sets what was metered against what a vendor reports and bills, and
// says why they differ: by seller, account, day and SKU, in amounts that sum to the
// difference to the last digit.
//
// It refuses to spread a difference silently and to guess a cause: a reason stands where
// quantities, prices or lines of the bill give its amount, in a fixed order, and what none
// gives is unknown, which is a reason too. It changes no line and reads no clock.
//
// Start with Tally.Add (tally.go) and Tally.Reconcile (match.go); reasons are in
// explain.go, prices that nobody published in infer.go.
//
// Invariant: of every row, of every bill and of every currency, metered and its reasons
// come to what is billed.
//
// Worked example. Metered is 100 USD of 1,000,000 tokens in 50 calls, billed are 121 USD of
// usage, −9 USD of a discount and 0.005 USD of rounding for 1,200,000 tokens in 60 calls.
// The 200,000 tokens in ten calls that only the vendor saw are 20 USD at our rate: coverage
// gap 20, contract term −9, and 1.005 unknown. 100 + 20 − 9 + 1.005 = 112.005.
package reconcile
