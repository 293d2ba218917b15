// errno: the system's error numbers by name.
#include <cerrno>

#include "stdlib/modules.h"
#include "stdlib/support.h"

namespace pystm::lib {
namespace {

constexpr struct {
  const char* name;
  int value;
} kCodes[] = {
#define CODE(x) {#x, x},
    CODE(ENODEV) CODE(ENOCSI) CODE(EHOSTUNREACH) CODE(ENOMSG) CODE(EUCLEAN) CODE(EL2NSYNC) CODE(
        EL2HLT) CODE(ENODATA) CODE(ENOTBLK) CODE(ENOSYS) CODE(EPIPE) CODE(EINVAL) CODE(EOVERFLOW)
        CODE(EADV) CODE(EINTR) CODE(EUSERS) CODE(ENOTEMPTY) CODE(ENOBUFS) CODE(EPROTO) CODE(
            EREMOTE) CODE(ENAVAIL) CODE(ECHILD) CODE(ELOOP) CODE(EXDEV) CODE(E2BIG) CODE(ESRCH)
            CODE(EMSGSIZE) CODE(EAFNOSUPPORT) CODE(EBADR) CODE(EHOSTDOWN) CODE(EPFNOSUPPORT) CODE(
                ENOPROTOOPT) CODE(EBUSY) CODE(EWOULDBLOCK) CODE(EBADFD) CODE(EDOTDOT) CODE(EISCONN)
                CODE(ENOTCONN) CODE(ESHUTDOWN) CODE(ENOTSOCK) CODE(EBADF) CODE(ENONET) CODE(
                    EBADE) CODE(EBFONT) CODE(ELNRNG) CODE(EMLINK) CODE(EALREADY) CODE(ENXIO)
                    CODE(ENETUNREACH) CODE(ENOTUNIQ) CODE(EFAULT) CODE(EDESTADDRREQ) CODE(
                        ECOMM) CODE(EISNAM) CODE(EBADRQC) CODE(EIO) CODE(EXFULL) CODE(ELIBACC)
                        CODE(ENOTNAM) CODE(ESPIPE) CODE(EMULTIHOP) CODE(EPROTONOSUPPORT) CODE(
                            ENODEV) CODE(EADDRINUSE) CODE(ELIBSCN) CODE(ERANGE)
                            CODE(ESOCKTNOSUPPORT) CODE(EADDRNOTAVAIL) CODE(ETIMEDOUT) CODE(
                                EPERM) CODE(EBADSLT)
                                CODE(EBADMSG) CODE(ECONNREFUSED) CODE(ECONNRESET) CODE(
                                    EREMCHG) CODE(ENOPKG) CODE(ELIBMAX) CODE(ESRMNT) CODE(EROFS)
                                    CODE(ENOENT) CODE(EEXIST) CODE(ETIME) CODE(
                                        ESTRPIPE) CODE(EFBIG) CODE(EPROTOTYPE) CODE(ENOLCK)
                                        CODE(ENOSPC) CODE(EREMOTEIO) CODE(EDEADLOCK) CODE(
                                            ENAMETOOLONG) CODE(EDEADLK) CODE(ENOMEM) CODE(ENOEXEC)
                                            CODE(EUNATCH) CODE(EDQUOT) CODE(
                                                EAGAIN) CODE(ENOTTY) CODE(EINPROGRESS)
                                                CODE(EACCES) CODE(ETXTBSY) CODE(ENOTDIR) CODE(
                                                    EDOM) CODE(EISDIR)
                                                    CODE(ENFILE) CODE(EMFILE) CODE(ETOOMANYREFS) CODE(
                                                        ENOSTR) CODE(ENETDOWN) CODE(ENETRESET)
                                                        CODE(EOPNOTSUPP) CODE(ENOTSUP) CODE(
                                                            ECONNABORTED) CODE(EILSEQ) CODE(EIDRM)
                                                            CODE(ELIBBAD) CODE(ELIBEXEC) CODE(
                                                                ESTALE) CODE(ENOSR) CODE(EL3RST)
                                                                CODE(EL3HLT) CODE(ENOANO) CODE(
                                                                    ENOLINK) CODE(ECHRNG)
                                                                    CODE(ERESTART) CODE(
                                                                        ECANCELED) CODE(EKEYEXPIRED)
                                                                        CODE(EKEYREJECTED) CODE(
                                                                            EKEYREVOKED)
                                                                            CODE(EMEDIUMTYPE) CODE(
                                                                                ENOKEY)
                                                                                CODE(ENOMEDIUM) CODE(
                                                                                    ENOTRECOVERABLE)
                                                                                    CODE(EOWNERDEAD)
                                                                                        CODE(
                                                                                            ERFKILL)
                                                                                            CODE(
                                                                                                EHWPOISON)
#undef CODE
};

Result<void> init(Context& cx, Module* m) {
  Dict* by_number = new_dict(cx);
  for (const auto& c : kCodes) {
    TRY(module_add_int(cx, m, c.name, c.value));
    TRY(dict_set(cx, by_number, Value::of_int(c.value), intern(cx, c.name)));
  }
  return module_add(cx, m, "errorcode", by_number);
}
const ModuleDef kModule = {"errno", {}, init};

}  // namespace

void register_errno() { register_module(kModule); }

}  // namespace pystm::lib
