package duck

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"unicode/utf8"
	"unsafe"

	"github.com/duckdb/duckdb-go/v2/mapping"

	"github.com/bursarhq/bursar/lake"
	"github.com/bursarhq/bursar/money"
)

// A vector is the memory of one column of a data chunk. Fixed-size cells and
// short strings are written from Go, in the layout of DuckDB's C interface;
// going through it for each cell costs more than everything else together.
type vector struct {
	handle mapping.Vector
	data   unsafe.Pointer
	valid  []uint64 // one bit per row, only where NULL may be written
	last   string   // the last long string, and its cell
	cell   cell16
	list   children
}

// cell16 is a string, a UUID or a list entry: two words.
type cell16 [2]uint64

// inlined is how many bytes of a string fit into its cell.
const inlined = 12

func vectorOf(handle mapping.Vector) vector {
	return vector{handle: handle, data: mapping.VectorGetData(handle)}
}

func (v *vector) allowNull() {
	mapping.VectorEnsureValidityWritable(v.handle)
	v.valid = unsafe.Slice((*uint64)(mapping.VectorGetValidity(v.handle)), (chunkRows+63)/64)
}

func (v *vector) setNull(row int) { v.valid[row/64] &^= 1 << (row % 64) }

func at[C any](v *vector, row int) *C {
	var c C
	return (*C)(unsafe.Add(v.data, uintptr(row)*unsafe.Sizeof(c)))
}

// put writes one cell of a type.
func (v *vector) put(t lake.Type, row int, value *lake.Value) error {
	switch t {
	case lake.Text:
		return v.putText(row, value.Text)
	case lake.Flag:
		*at[uint8](v, row) = uint8(value.Int)
	case lake.Small:
		*at[int16](v, row) = int16(value.Int)
	case lake.Whole, lake.Moment, lake.Decimal:
		*at[int64](v, row) = value.Int
	case lake.Total:
		*at[cell16](v, row) = decimalCell(value.Amount)
	case lake.Ident:
		*at[cell16](v, row) = uuidCell(value.ID)
	case lake.Labels:
		return v.putLabels(row, value.Labels)
	case lake.Quantities:
		return v.putQuantities(row, value)
	}
	return nil
}

// putText leaves to the engine only what needs its memory: a long string that
// differs from the one before.
func (v *vector) putText(row int, s string) error {
	switch {
	case !utf8.ValidString(s):
		return fmt.Errorf("%.60q is not UTF-8", s)
	case len(s) <= inlined:
		c := at[cell16](v, row)
		*c = cell16{}
		b := (*[16]byte)(unsafe.Pointer(c))
		binary.NativeEndian.PutUint32(b[:], uint32(len(s)))
		copy(b[4:], s)
	case s == v.last:
		*at[cell16](v, row) = v.cell
	default:
		mapping.VectorAssignStringElement(v.handle, mapping.IdxT(row), s)
		v.last, v.cell = s, *at[cell16](v, row)
	}
	return nil
}

// uuidCell orders a UUID as the signed 128-bit integer that DuckDB keeps.
func uuidCell(id [16]byte) cell16 {
	return cell16{binary.BigEndian.Uint64(id[8:]), binary.BigEndian.Uint64(id[:8]) ^ 1<<63}
}

// children are the entries of all rows of a map column, behind one another.
type children struct {
	used, room int
	keys, vals *vector
}

func (v *vector) putLabels(row int, labels map[string]string) error {
	start := v.grow(row, len(labels))
	for i, key := range slices.Sorted(maps.Keys(labels)) {
		if err := v.list.keys.putText(start+i, key); err != nil {
			return err
		}
		if err := v.list.vals.putText(start+i, labels[key]); err != nil {
			return err
		}
	}
	return nil
}

func (v *vector) putQuantities(row int, value *lake.Value) error {
	start := v.grow(row, len(value.Extra))
	for i, x := range value.Extra {
		if err := v.list.keys.putText(start+i, x.Meter.String()); err != nil {
			return err
		}
		*at[cell16](v.list.vals, start+i) = decimalCell(x.Quantity)
	}
	return nil
}

// decimalCell is a DECIMAL(38,12): a signed 128-bit count of 10⁻¹², low word first.
func decimalCell(a money.Amount) cell16 {
	if n, ok := a.Units(); ok {
		return cell16{uint64(n), uint64(n >> 63)}
	}
	var b [16]byte
	a.Abs().Big().FillBytes(b[:])
	low, high := binary.BigEndian.Uint64(b[8:]), binary.BigEndian.Uint64(b[:8])
	if a.Sign() < 0 {
		low, high = ^low, ^high
		if low++; low == 0 {
			high++
		}
	}
	return cell16{low, high}
}

// grow opens n entries for a row and gives the position of the first.
func (v *vector) grow(row, n int) int {
	start := v.list.used
	*at[cell16](v, row) = cell16{uint64(start), uint64(n)}
	if n == 0 {
		return start
	}
	v.list.used += n
	if v.list.used > v.list.room {
		v.list.room = max(chunkRows, 2*v.list.used)
		mapping.ListVectorReserve(v.handle, mapping.IdxT(v.list.room))
	}
	mapping.ListVectorSetSize(v.handle, mapping.IdxT(v.list.used))
	pairs := mapping.ListVectorGetChild(v.handle)
	keys, vals := vectorOf(mapping.StructVectorGetChild(pairs, 0)), vectorOf(mapping.StructVectorGetChild(pairs, 1))
	v.list.keys, v.list.vals = &keys, &vals
	return start
}
