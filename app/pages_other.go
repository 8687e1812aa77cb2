//go:build !linux

package app

// ForgetCode does nothing: the pages of the program are the system's to give and take.
func ForgetCode() {}
