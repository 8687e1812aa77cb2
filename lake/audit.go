package lake

// Law is something that must hold for every line of a ledger, as a statement
// whose only cell counts the lines or attempts that break it.
type Law struct {
	Name string // what must hold
	Statement
}

// Laws lists what an audit checks. Their SQL is in the subset that every engine
// speaks.
func Laws() []Law {
	law := func(name, text string) Law { return Law{name, Statement{Text: text}} }
	return []Law{
		law("an attempt has at most one current line in a book",
			`SELECT count(*) FROM (SELECT attempt_id, book FROM charges GROUP BY attempt_id, book
HAVING sum(CASE WHEN reverses THEN -1 ELSE 1 END) NOT IN (0, 1)) AS broken`),
		law("a line is booked once",
			`SELECT count(*) - count(DISTINCT id) FROM charges`),
		law("a reversal has its line",
			`SELECT count(*) FROM charges WHERE reverses AND corrects NOT IN (SELECT id FROM charges WHERE NOT reverses)`),
		law("an unpriced line has no amount, a priced one has",
			`SELECT count(*) FROM charges WHERE (price_state = 'unpriced') <> (list IS NULL)`),
		law("cost components sum to the list price",
			`SELECT count(*) FROM charges WHERE list IS NOT NULL
AND cost_in + cost_cache_read + cost_cache_write + cost_out + cost_other <> list`),
		law("a corrected attempt nets to its current line",
			`SELECT count(*) FROM (SELECT attempt_id FROM charges GROUP BY attempt_id
HAVING sum(CASE WHEN reverses THEN -1 ELSE 1 END) = 0 AND (sum(calls) <> 0 OR sum(coalesce(list, 0)) <> 0 OR sum(exposure) <> 0)) AS broken`),
		law("a call is open at most once, and a closed one holds nothing",
			`SELECT count(*) FROM (SELECT attempt_id FROM open_calls GROUP BY attempt_id
HAVING sum(calls) NOT IN (0, 1) OR sum(calls) = 0 AND sum(exposure) <> 0) AS broken`),
		law("what is open is not booked",
			`SELECT count(*) FROM (SELECT attempt_id FROM open_calls GROUP BY attempt_id HAVING sum(calls) <> 0) AS standing
WHERE attempt_id IN (SELECT attempt_id FROM charges) OR attempt_id IN (SELECT key FROM attempt_keys)`),
	}
}
