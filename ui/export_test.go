package ui

// Encoding says as what a file is sent that was packed in these forms.
func Encoding(accepted string, packed ...string) string {
	f := file{packed: map[string]string{}}
	for _, encoding := range packed {
		f.packed[encoding] = encoding
	}
	_, chosen := f.as(accepted)
	return chosen
}
