# versions.sh - which version a driver runs; read by the scripts beside it.

# version_of DRIVER
version_of() {
    case $1 in
    hpa132) echo 1.32 ;;
    hpa135) echo 1.35 ;;
    keda216) echo 2.16.1 ;;
    keda220) echo 2.20.2 ;;
    karpenter) echo 1.12.0 ;;
    *) echo "$1: no such driver" >&2; return 1 ;;
    esac
}
