// Package forecast says what comes next in a series of amounts, and how far off it may be.
//
// It is for spend, calls and tokens by hour, day or week. [All] fits a pool of small
// methods, lets each forecast the end of what is known from several earlier origins, and
// averages the five best by the inverse square of their errors there, or takes the median of
// all where the history is short. Nothing but the given history chooses, and what follows
// the last value is never looked at.
//
// It refuses to be surer than its evidence. An interval is made of the errors that the
// same choice made from the earlier origins, not of an assumed distribution. A level for
// which there are too few of them takes those of the other series of the same question,
// in units of each series' own variation; when they are too few as well, the level is
// refused with its reason and the mean stands alone.
//
// Floats are right here, since a forecast is a statistic; no ledger line is made of one.
// The same input gives the same answer, in any order of the series.
//
// Worked example. The errors of a series, in order, are −4, −3, −1, 0, 0, 1, 2, 2, 5: nine
// of them. A level of 80 % leaves 10 % on either side, so its bounds lie at the order
// statistics ⌊10·0.1⌋ = 1 and ⌈10·0.9⌉ = 9: from the mean −4 to the mean +5. For 95 % the
// lower one would be ⌊10·0.025⌋ = 0, which does not exist: it needs 39 errors.
//
// Sources: Assimakopoulos and Nikolopoulos, "The theta model" (2000); Hyndman, Koehler,
// Ord and Snyder, "Forecasting with Exponential Smoothing" (2008); Cleveland and others,
// "STL" (1990); Stankevičiūtė, Alaa and van der Schaar, "Conformal Time-Series
// Forecasting" (2021); Gibbs and Candès, "Adaptive Conformal Inference Under Distribution
// Shift" (2021); the M4 competition for the measures.
//
// Start with forecast.go, then pool.go, backtest.go and interval.go; read.go is the file
// that bursar forecast --input reads. [Tree] is a hierarchy whose parts add up, with what is
// known of days to come: occasion.go for holidays and launches, drive.go for quantities
// and their prices, liken.go for what is too young, reach.go for what intervals learn
// from what came.
package forecast
