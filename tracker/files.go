package tracker

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/bursarhq/bursar/pricebook"
)

// Files gives the data files of a result by name: a file for each curated
// seller, tail files for SKUs that one source alone supports and for the other
// sellers, the aliases, the limits and product lines of models and the list of sources. It is the
// same for the same result.
func Files(r Result) (map[string][]byte, error) {
	parts := map[string][]pricebook.Fact{}
	solid := solidSKUs(r.Facts)
	for _, f := range r.Facts {
		name := fileOf(f, solid)
		parts[name] = append(parts[name], f)
	}
	files := map[string][]byte{"SOURCES.md": sources()}
	for name, facts := range parts {
		var b bytes.Buffer
		if err := pricebook.WriteFacts(&b, facts); err != nil {
			return nil, err
		}
		files[name] = b.Bytes()
	}
	var b bytes.Buffer
	err := pricebook.WriteAliases(&b, r.Aliases)
	files["aliases.csv"] = b.Bytes()
	if err != nil {
		return nil, err
	}
	var limits bytes.Buffer
	err = pricebook.WriteLimits(&limits, r.Limits)
	files["limits.csv"] = limits.Bytes()
	if err != nil {
		return nil, err
	}
	var lines bytes.Buffer
	err = pricebook.WriteLineage(&lines, r.Lineage)
	files["lineage.csv"] = lines.Bytes()
	return files, err
}

// solidSKUs are those with at least one fact that two sources support.
func solidSKUs(facts []pricebook.Fact) map[listing]bool {
	solid := map[listing]bool{}
	for _, f := range facts {
		if f.Confidence != pricebook.Low {
			solid[listing{f.Seller, f.SKU}] = true
		}
	}
	return solid
}

func fileOf(f pricebook.Fact, solid map[listing]bool) string {
	if slices.Contains(Curated(), f.Seller) && solid[listing{f.Seller, f.SKU}] {
		return f.Seller + ".csv"
	}
	return "tail-" + f.Seller[:1] + ".csv"
}

// sources writes where the facts come from and what their confidence means.
func sources() []byte {
	var b strings.Builder
	b.WriteString(sourcesHead)
	for _, book := range Books() {
		o := OriginOf(book)
		fmt.Fprintf(&b, "| %s | `%s` | %s | %s |\n", book, o.Ref, o.Snapshot.Format("2006-01-02"), o.Notice)
	}
	b.WriteString(sourcesTail)
	return []byte(b.String())
}

const sourcesHead = `# Where the price facts come from

Every line of these files is one dated price of one meter of one seller's SKU. The column "source"
names where it was read, "checked" the newest state of a book that agrees, "id" is the digest of the
content. The files are compiled by package tracker and never edited by hand; SKUs are in lower case.
The file limits.csv says how many tokens models take and give at most: the largest that a source says.
The file lineage.csv says which models follow one another in a product line, with the day of launch.

| Book | State | Snapshot | Licence and copyright |
|---|---|---|---|
`

const sourcesTail = `
langfuse gives no price here: it confirms or disputes what the others say. The rows of our history
name where a price and its day were first seen; no file of a collection without a licence was used.

## What the confidence means

| Confidence | Meaning |
|---|---|
| high | two independent sources agree (genai-prices or langfuse and one more), or our history has it from the vendor's dated notice; the lint found nothing |
| medium | books agree that are known to copy one another, or a majority with an independent book outweighs the dissent, or our history has it from one dated source |
| low | one source alone, a dispute, an unknown start, or a price derived from a ratio |

A start that nobody dated is the day of release of the model. Where that is unknown too the start is
open, the confidence low and the note says "start unknown".

## MIT License

The books under the MIT License are used under these terms, with the copyright lines above:

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense,
and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so,
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT.
IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION
WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`
