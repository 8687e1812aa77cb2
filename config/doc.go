// Package config reads the one file in which the operator of a server says how
// it shall run.
//
// It is strict: a setting that it does not know, a value out of range and an
// environment variable that is not set are errors, and all of them are reported
// at once, each with its line. It refuses to guess a unit, to merge files, to
// read a value from the environment that the file does not ask for, and to show
// a secret or what a variable held.
//
// Start with config.go: comment, default and limits of a setting stand beside
// its field, and the reference page (docs/config.md) is written from them. Then
// load.go.
//
// Invariant: a Config that Parse returned passes Validate, and parsing what Print
// wrote of it gives the same Config, but for secrets.
package config
