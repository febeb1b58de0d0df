#!/usr/bin/env bash
# AWS's session-manager-plugin v0.0.0-20260401221635 (2026-04-01), datachannel.HandleOutputMessage: output of a session whose websocket breaks.
# Expected: a message whose acknowledgement could not be sent, and which the service therefore sends again after the session is resumed, is
# written once: the plugin numbers messages and leaves out what it has.
# Seen: the plugin writes the payload, fails to acknowledge, and keeps the old expected number, so the same message is written a second time. A
# stream of ssh that is carried by it then ends in "Bad packet length".
set -euo pipefail
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
cat > main.go << 'GO'
package main

import (
	"errors"
	"fmt"

	"github.com/aws/session-manager-plugin/src/datachannel"
	"github.com/aws/session-manager-plugin/src/log"
	"github.com/aws/session-manager-plugin/src/message"
)

func main() {
	logger := log.NewMockLog()
	channel := &datachannel.DataChannel{}
	channel.Initialize(logger, "client", "session", "target", false)
	written := ""
	channel.RegisterOutputStreamHandler(func(_ log.T, each message.ClientMessage) (bool, error) {
		written += string(each.Payload)
		return true, nil
	}, true)

	open := true
	datachannel.SendAcknowledgeMessageCall = func(log.T, *datachannel.DataChannel, message.ClientMessage) error {
		if open {
			return nil
		}
		return errors.New("Can't send message: Connection is closed.")
	}
	send := func(sequence int64, payload string) {
		err := channel.HandleOutputMessage(logger, message.ClientMessage{
			SequenceNumber: sequence, PayloadType: uint32(message.Output), Payload: []byte(payload),
		}, nil)
		fmt.Printf("message %d: error %v\n", sequence, err)
	}
	send(0, "a")
	open = false
	send(1, "b")
	// The session is resumed: the service sends what has no acknowledgement.
	open = true
	send(1, "b")
	send(0, "a")
	send(2, "c")
	fmt.Println("sent a b c, written", written)
}
GO
go mod init finding > /dev/null 2>&1
# The plugin has no go.mod; these are packages that it builds with.
go get github.com/twinj/uuid@v0.0.0-20151029044442-89173bcdda19 github.com/gorilla/websocket@v1.5.3 \
  github.com/aws/aws-sdk-go-v2/config@v1.33.18 github.com/aws/aws-sdk-go-v2/service/kms@v1.62.6 \
  github.com/stretchr/testify@v1.12.1 github.com/xtaci/smux@v1.5.58 \
  github.com/aws/session-manager-plugin/src/datachannel@v0.0.0-20260401221635-b79d06c1d3a2 > /dev/null 2>&1
go list -m github.com/aws/session-manager-plugin
seen="$(go run . 2> /dev/null | grep -E '^(message|sent)')"
echo "$seen"
grep -q '^message 1: error Can.t send message' <<< "$seen"
grep -q '^sent a b c, written abbc$' <<< "$seen"
