// Package poll asks the interfaces of vendors for usage and costs, and gives their pages
// as one file that connect/vendor reads.
//
// It refuses to give a part of a day: pages are given when the last one has come, and a
// page that is cut off, an answer that is no page and a vendor that keeps refusing are
// errors, after which the same days are asked about again. It books nothing and keeps no
// cursor: who calls says from when on. It speaks to the host of the configuration alone,
// follows no redirect, and no error repeats a key.
//
// Start with Read (account.go), then Account.Fetch (fetch.go); what is asked of each vendor
// is in feed.go.
package poll
