package journal

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/bursarhq/bursar/spend"
)

// The limits of what one call may bring.
const (
	MaxPayload = 4 << 20 // bytes of one record's payload
	MaxCall    = 8 << 20 // bytes of all payloads of one call
	MaxGroup   = 256     // records of one call; as many waiting records end a commit window
)

// Record is one thing to keep. The journal looks at Key and never into Payload.
type Record struct {
	Kind    uint8    // what the payload is; the caller's numbering
	Key     [16]byte // the same key means the same record; zero is never compared
	Payload []byte   // at most MaxPayload bytes
}

// A record on disk is a head and its payload:
//
//	0  marker, 4 bytes
//	4  CRC-32C of the head from byte 8 on, seeded with segment and offset
//	8  CRC-32C of the payload
//	12 kind in the upper 8 bits, payload length in the lower 24
//	16 key
//	32 the synced position at the time of writing: the witness
//
// All numbers are little-endian. The first checksum binds a head to its place:
// what a recycled or misdirected block held before is not taken for a record.
const headSize = 40

const marker = "\xb5rec"

// head is what stands before a payload.
type head struct {
	kind    uint8
	key     [16]byte
	length  uint32
	sum     uint32   // of the payload
	witness Position // synced when the record was written
}

// castagnoli is the polynomial that processors compute in hardware.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func checksum(b []byte) uint32 { return crc32.Checksum(b, castagnoli) }

// headSum binds a head to the place at which it stands: the checksum begins with
// a number that differs between all places of a segment, and between the same
// place of any two segments.
func headSum(at Position, b []byte) uint32 {
	return crc32.Update(at.Offset()^at.Segment()*0x9e3779b1, castagnoli, b[8:headSize])
}

// appendRecord encodes a record that will stand at a place.
func appendRecord(b []byte, r *Record, at, witness Position) []byte {
	begin := len(b)
	b = append(b, marker+"\x00\x00\x00\x00"...)
	b = binary.LittleEndian.AppendUint32(b, checksum(r.Payload))
	b = binary.LittleEndian.AppendUint32(b, uint32(r.Kind)<<24|uint32(len(r.Payload)))
	b = append(b, r.Key[:]...)
	b = binary.LittleEndian.AppendUint64(b, uint64(witness))
	binary.LittleEndian.PutUint32(b[begin+4:], headSum(at, b[begin:]))
	return append(b, r.Payload...)
}

// readHead decodes the head that stands at a place; ok is false when none does.
func readHead(b []byte, at Position) (h head, ok bool) {
	if string(b[:4]) != marker || binary.LittleEndian.Uint32(b[4:]) != headSum(at, b) {
		return head{}, false
	}
	sized := binary.LittleEndian.Uint32(b[12:])
	h = head{
		kind: uint8(sized >> 24), key: [16]byte(b[16:32]), length: sized & (1<<24 - 1),
		sum: binary.LittleEndian.Uint32(b[8:]), witness: Position(binary.LittleEndian.Uint64(b[32:])),
	}
	return h, h.length <= MaxPayload
}

// validate refuses what a call must not bring and gives the bytes that its
// records take on disk.
func validate(records []Record) (int, error) {
	if len(records) == 0 || len(records) > MaxGroup {
		return 0, spend.Errorf(spend.KindInvalid, "append to journal", "%d records in one call, want 1 to %d", len(records), MaxGroup).
			WithHint("split the call")
	}
	payloads := 0
	for i := range records {
		n := len(records[i].Payload)
		if n > MaxPayload {
			return 0, spend.Errorf(spend.KindInvalid, "append to journal", "record %d has %d bytes, more than %d", i, n, MaxPayload).
				WithHint("a record holds quantities and names; leave text and content out")
		}
		payloads += n
	}
	if payloads > MaxCall {
		return 0, spend.Errorf(spend.KindInvalid, "append to journal", "%d bytes in one call, more than %d", payloads, MaxCall).
			WithHint("split the call")
	}
	return payloads + len(records)*headSize, nil
}
