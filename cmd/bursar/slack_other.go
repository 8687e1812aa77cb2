//go:build !linux

package main

// slacken does nothing: other systems have no slack to set.
func slacken() {}
