N="${N:-3}"
POLL=20
n=0
until [ "$n" -ge "$N" ]; do
  c=$(ss -Htn state established '( sport = :1234 )' | wc -l)
  [ "$c" -eq 0 ] && n=$((n+1)) || n=0
  sleep "$POLL"
done
