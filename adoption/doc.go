// Package adoption says how many people use what is paid for, how widely and since
// when, and what seats that nobody uses cost.
//
// It is for whoever buys seats and wants to know whether they are used. It refuses to
// show a person: whatever it shows of people is a group of at least so many, and
// nothing that is missing can be told from a total.
//
// Start with Tally, then Show.
//
// Invariants: each bin, part and group of a Statement holds nobody or at least the
// limit; bins of one distribution sum to the number of people that stands beside them;
// the cost of the subscriptions sums to the total to the last digit, and so does that
// of their idle seats.
//
// Worked example. With a limit of five, 7, 2, 1 and 6 people who use one to four
// workflows are shown as 7 of one, and 9 of two to four.
package adoption
