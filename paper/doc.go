// Package paper writes the board report in the forms that people pass around: Markdown,
// one HTML page that prints, a PDF, and a workbook with live formulas.
//
// It is for forms alone: every figure, and every word beside one, is the report's own
// (package board). It refuses to compute, to ask and to load anything: the page holds no
// script and makes no request, and its charts are drawn as shapes with patterns of grey.
//
// Start with markdown.go; html.go and chart.go are the page, pdf.go and its press are the
// PDF, sheet.go is the workbook.
package paper
