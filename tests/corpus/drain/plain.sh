#!/bin/sh
idle=0
while [ "$idle" -lt 2 ]; do
  if netstat -tn | grep ':1234 ' | grep -q ESTABLISHED; then
    idle=0
  else
    idle=$((idle + 1))
  fi
  sleep 15
done
