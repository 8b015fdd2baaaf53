i=0
while test $i -lt 4
do
  if grep -q ' 01 ' /proc/net/tcp; then i=0; else let i=i+1; fi
  sleep 30
done
