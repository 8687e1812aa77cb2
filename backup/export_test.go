package backup

// Encode gives a manifest as it is written.
func Encode(m Manifest) ([]byte, error) { return m.encode() }
