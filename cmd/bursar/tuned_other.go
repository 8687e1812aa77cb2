//go:build !linux

package main

// startTuned does nothing: what it chooses was measured on Linux alone.
func startTuned() {}
