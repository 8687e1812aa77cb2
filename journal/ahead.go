package journal

// ahead is how many bytes of zeros are written at once behind the records. A sync of a
// record that takes their place need not tell the disk that the file has grown; what that
// is worth stands in DESIGN.md.
const ahead = 64 << 10

// fill writes zeros behind the records when few are left; mu is held. An append that finds
// none makes the file grow, and says what it is that the disk refuses.
func (j *Journal) fill() {
	from := max(j.filled, int64(j.next.Offset()))
	size := min(ahead, int64(j.opts.SegmentSize)-from)
	if size <= 0 || from-int64(j.next.Offset()) > ahead/4 || j.err != nil {
		return
	}
	if j.zeros == nil {
		j.zeros = make([]byte, ahead)
	}
	j.filled = from + size
	if _, err := j.active.WriteAt(j.zeros[:size], from); err != nil {
		j.filled = int64(j.opts.SegmentSize) // none more in this one
	}
}
