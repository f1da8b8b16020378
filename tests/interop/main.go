// Check a ledger with golang.org/x/mod/sumdb, a program that nobody of this project wrote.
//
// Rules:
//   - Note, tree and proofs are that library's; only file names, the policy and two signature types are filled in here.
//   - Cosignatures of ML-DSA-44 count as absent, and `timestamp` lines are passed over: Go 1.19 has neither. So it may
//     refuse what the verifier accepts, and where timestamps are asked for it accepts more.
//   - Usage: main POLICY LEDGER [OLD_CHECKPOINT [RECEIPT...]]. Exit code 0 means that all of it verifies.
package main

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	defer func() {
		if problem := recover(); problem != nil {
			fmt.Fprintln(os.Stderr, problem)
			os.Exit(1)
		}
	}()
	trusted := readPolicy(os.Args[1])
	folder := os.Args[2]
	tree, seen := trusted.signed(read(filepath.Join(folder, "checkpoint")))
	trusted.cosigned(seen)
	tiles := tileFiles{folder, tree}
	hashes := tlog.TileHashReader(tree, tiles)
	entries(tiles, hashes, tree.N)
	if len(os.Args) > 3 {
		old, _ := trusted.signed(read(os.Args[3]))
		growth(old, tree, hashes)
		for _, file := range os.Args[4:] {
			receipt(read(file), trusted)
		}
	}
	fmt.Println(tree.N, tree.Hash)
}

// policy is a C2SP tlog-policy with terms of keys.
type policy struct {
	logs      []*logKey
	witnesses map[string]note.Verifier
	groups    map[string]group
	quorum    string
}

type logKey struct {
	note.Verifier
	first, last int64
}

type group struct {
	needed  int
	members []string
}

func readPolicy(file string) policy {
	found := policy{witnesses: map[string]note.Verifier{}, groups: map[string]group{}}
	for _, line := range strings.Split(string(read(file)), "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		found.take(words[0], words[1:])
	}
	return found
}

func (p *policy) take(word string, rest []string) {
	switch word {
	case "log":
		p.logs = append(p.logs, &logKey{verifier(rest[0]), 0, math.MaxInt64})
	case "from":
		p.log(rest[1]).first = number(rest[0])
	case "until":
		p.log(rest[1]).last = number(rest[0])
	case "witness":
		p.witnesses[rest[0]] = verifier(rest[1])
	case "group":
		needed := map[string]int{"any": 1, "all": len(rest) - 2}[rest[1]]
		if needed == 0 {
			needed = int(number(rest[1]))
		}
		p.groups[rest[0]] = group{needed, rest[2:]}
	case "quorum":
		p.quorum = rest[0]
	case "timestamp":
	default:
		panic("the policy says " + word)
	}
}

func (p *policy) log(name string) *logKey {
	for _, each := range p.logs {
		if fmt.Sprintf("%s+%08x", each.Name(), each.KeyHash()) == name {
			return each
		}
	}
	panic("no log line has the key " + name)
}

// signed opens a checkpoint, which every key of the log whose term covers its size must have signed.
func (p *policy) signed(text []byte) (tlog.Tree, []note.Signature) {
	var known []note.Verifier
	for _, each := range p.logs {
		known = append(known, each)
	}
	for _, each := range p.witnesses {
		known = append(known, each)
	}
	opened, err := note.Open(text, note.VerifierList(known...))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size := number(lines[1])
	root, err := tlog.ParseHash(lines[2])
	must(err)
	signers := 0
	for _, each := range p.logs {
		if lines[0] != each.Name() {
			panic("the checkpoint is of another log")
		}
		if each.first <= size && size <= each.last {
			signers++
			if !signedBy(each, opened.Sigs) {
				panic(fmt.Sprintf("the key %s+%08x has not signed", each.Name(), each.KeyHash()))
			}
		}
	}
	if signers == 0 {
		panic("no key of the log is left for this size")
	}
	return tlog.Tree{N: size, Hash: root}, opened.Sigs
}

func signedBy(key note.Verifier, signatures []note.Signature) bool {
	for _, each := range signatures {
		if each.Name == key.Name() && each.Hash == key.KeyHash() {
			return true
		}
	}
	return false
}

// cosigned panics unless the quorum is among the signatures, all of which have been verified.
func (p *policy) cosigned(signatures []note.Signature) {
	if p.quorum != "none" && !p.has(p.quorum, signatures) {
		panic("the quorum " + p.quorum + " has not cosigned")
	}
}

func (p *policy) has(name string, signatures []note.Signature) bool {
	members, isGroup := p.groups[name]
	if !isGroup {
		return signedBy(p.witnesses[name], signatures)
	}
	count := 0
	for _, member := range members.members {
		if p.has(member, signatures) {
			count++
		}
	}
	return count >= members.needed
}

func verifier(vkey string) note.Verifier {
	parts := strings.SplitN(vkey, "+", 3)
	material, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	named := sha256.Sum256(append([]byte(parts[0]+"\n"), material...))
	switch material[0] {
	case 0x01:
		ed25519, err := note.NewVerifier(vkey)
		must(err)
		return ed25519
	case 0x02:
		key, err := x509.ParsePKIXPublicKey(material[1:])
		must(err)
		id := sha256.Sum256(material[1:])
		return p256{parts[0], binary.BigEndian.Uint32(id[:]), key.(*ecdsa.PublicKey)}
	case 0x04:
		return cosigner{parts[0], binary.BigEndian.Uint32(named[:]), material[1:]}
	}
	// Of a type that is not known here: no line is taken for this key's.
	return cosigner{parts[0] + " (unknown)", 0, nil}
}

// p256 is signature type 0x02 of C2SP signed-note, which the library does not bring along.
type p256 struct {
	name string
	id   uint32
	key  *ecdsa.PublicKey
}

func (k p256) Name() string    { return k.name }
func (k p256) KeyHash() uint32 { return k.id }
func (k p256) Verify(text, signature []byte) bool {
	digest := sha256.Sum256(text)
	return ecdsa.VerifyASN1(k.key, digest[:], signature)
}

// cosigner is signature type 0x04: Ed25519 over a header, a moment and the text (C2SP tlog-cosignature).
type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (k cosigner) Name() string    { return k.name }
func (k cosigner) KeyHash() uint32 { return k.id }
func (k cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	at := binary.BigEndian.Uint64(signature)
	return ed25519.Verify(k.key, []byte(fmt.Sprintf("cosignature/v1\ntime %d\n%s", at, text)), signature[8:])
}

// entries compares every entry with its leaf, which the library checks against the root as it reads it.
func entries(tiles tileFiles, hashes tlog.HashReader, size int64) {
	for start := int64(0); start < size; start += 256 {
		tile := tlog.Tile{H: 8, L: 0, N: start / 256, W: 256}
		if size-start < 256 {
			tile.W = int(size - start)
		}
		bundle := read(filepath.Join(tiles.folder, strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)))
		var indexes []int64
		for i := 0; i < tile.W; i++ {
			indexes = append(indexes, tlog.StoredHashIndex(0, start+int64(i)))
		}
		leaves, err := hashes.ReadHashes(indexes)
		must(err)
		for i, leaf := range leaves {
			length := int(binary.BigEndian.Uint16(bundle))
			if tlog.RecordHash(bundle[2:2+length]) != leaf {
				panic(fmt.Sprintf("entry %d does not hash to its leaf", start+int64(i)))
			}
			bundle = bundle[2+length:]
		}
		if len(bundle) != 0 {
			panic("a bundle is too long")
		}
	}
}

func growth(old, tree tlog.Tree, hashes tlog.HashReader) {
	proof, err := tlog.ProveTree(tree.N, old.N, hashes)
	must(err)
	must(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
}

// receipt checks a bare proof that encloses its entry, or a document with one.
func receipt(content []byte, trusted policy) {
	var document struct{ Proof, Payload, Salt string }
	if content[0] != '{' {
		document.Proof = string(content)
	} else {
		must(json.Unmarshal(content, &document))
	}
	head, signed, _ := strings.Cut(document.Proof, "\n\n")
	lines := strings.Split(head, "\n")
	if len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		panic("not a receipt that encloses its entry")
	}
	entry, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	must(err)
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		must(err)
		proof = append(proof, hash)
	}
	tree, seen := trusted.signed([]byte(signed))
	trusted.cosigned(seen)
	index := number(strings.TrimPrefix(lines[2], "index "))
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)))
	if document.Payload != "" {
		committed(entry, document.Salt, document.Payload)
	}
}

func committed(entry []byte, salt, payload string) {
	var stated struct{ Commitment string }
	must(json.Unmarshal(entry, &stated))
	salted, err := hex.DecodeString(salt)
	must(err)
	digest := sha256.Sum256(append(salted, payload...))
	if len(salted) != 32 || hex.EncodeToString(digest[:]) != stated.Commitment {
		panic("the entry does not commit to the payload")
	}
}

// tileFiles reads tiles from a folder: the library's names say their height first, ours do not.
type tileFiles struct {
	folder string
	tree   tlog.Tree
}

func (t tileFiles) Height() int                     { return 8 }
func (t tileFiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t tileFiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		content, err := os.ReadFile(filepath.Join(t.folder, strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil {
			return nil, err
		}
		if len(content) != 32*tile.W {
			return nil, errors.New(tile.Path() + " is torn")
		}
		found = append(found, content)
	}
	return found, nil
}

func number(text string) int64 {
	found, err := strconv.ParseInt(text, 10, 64)
	if err != nil || strconv.FormatInt(found, 10) != text {
		panic(text + " is not a number as it is written")
	}
	return found
}

func read(file string) []byte {
	content, err := os.ReadFile(file)
	must(err)
	return content
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
