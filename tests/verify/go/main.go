// Check a ledger with golang.org/x/mod/sumdb, a program that nobody of this project wrote.
//
// Rules:
//   - Note, tree and proofs are that library's; only file names and the ECDSA signature type are filled in here.
//   - Usage: main POLICY LEDGER [OLD_CHECKPOINT] [RECEIPT ENTRY]. Exit code 0 means that all of it verifies.
package main

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
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
	verifiers := policy(os.Args[1])
	folder := os.Args[2]
	tree := checkpoint(read(filepath.Join(folder, "checkpoint")), verifiers)
	tiles := tileFiles{folder, tree}
	hashes := tlog.TileHashReader(tree, tiles)
	entries(tiles, hashes, tree.N)
	if len(os.Args) > 3 {
		growth(checkpoint(read(os.Args[3]), verifiers), tree, hashes)
	}
	if len(os.Args) > 5 {
		receipt(string(read(os.Args[4])), read(os.Args[5]), verifiers)
	}
	fmt.Println(tree.N, tree.Hash)
}

// policy reads the keys of a policy; all of them must have signed.
func policy(file string) []note.Verifier {
	var verifiers []note.Verifier
	for _, line := range strings.Split(string(read(file)), "\n") {
		words := strings.Fields(line)
		if len(words) == 2 && words[0] == "key" {
			verifiers = append(verifiers, verifier(words[1]))
		}
	}
	return verifiers
}

func verifier(vkey string) note.Verifier {
	parts := strings.SplitN(vkey, "+", 3)
	material, err := base64.StdEncoding.DecodeString(parts[2])
	must(err)
	if material[0] != 0x02 {
		ed25519, err := note.NewVerifier(vkey)
		must(err)
		return ed25519
	}
	key, err := x509.ParsePKIXPublicKey(material[1:])
	must(err)
	id := sha256.Sum256(material[1:])
	return p256{parts[0], binary.BigEndian.Uint32(id[:]), key.(*ecdsa.PublicKey)}
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

func checkpoint(text []byte, verifiers []note.Verifier) tlog.Tree {
	opened, err := note.Open(text, note.VerifierList(verifiers...))
	must(err)
	if len(opened.Sigs) != len(verifiers) {
		panic(fmt.Sprintf("%d of %d keys have signed", len(opened.Sigs), len(verifiers)))
	}
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != verifiers[0].Name() {
		panic("the checkpoint is of another log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := tlog.ParseHash(lines[2])
	must(err)
	return tlog.Tree{N: size, Hash: root}
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

func receipt(text string, entry []byte, verifiers []note.Verifier) {
	head, signed, found := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" {
		panic("not a receipt")
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	must(err)
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		must(err)
		proof = append(proof, hash)
	}
	tree := checkpoint([]byte(signed), verifiers)
	must(tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry)))
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
