package app

import (
	"path/filepath"
	"slices"

	"github.com/bursarhq/bursar/connect/vendor"
	"github.com/bursarhq/bursar/spend"
)

// OneVersionEach refuses files that are parts of one export: each file is complete for the
// days, or months, that it names, so that the later one would take the earlier one back.
// Days that two files split in different ways are no parts: one of the two stays. Standard
// input is not looked at, for it is read once.
func OneVersionEach(paths []string, o vendor.Options) error {
	if len(paths) < 2 {
		return nil
	}
	type told struct{ kind, source, partition, by string }
	first := map[told]string{}
	for _, path := range slices.DeleteFunc(slices.Clone(paths), func(p string) bool { return p == "-" }) {
		export, err := readExport(path, o)
		if err != nil {
			return err
		}
		for i := range export.Lines {
			l := &export.Lines[i]
			e := &l.Event
			key := told{export.Kind, e.Source, e.Partition, e.Scope.Tags[vendor.Grouping]}
			if before, twice := first[key]; e.Partition != "" && twice && before != path {
				return spend.Errorf(spend.KindInvalid, "import", "nothing is booked: %s and %s both tell of %s, and each would replace the other",
					filepath.Base(before), filepath.Base(path), l.Day).
					WithHint("join the parts into one file with one header; of two versions import the newer one alone")
			}
			first[key] = path
		}
	}
	return nil
}

func readExport(path string, o vendor.Options) (*vendor.Export, error) {
	in, _, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer in.Close() //nolint:errcheck // only read
	return vendor.Read(in, o)
}
