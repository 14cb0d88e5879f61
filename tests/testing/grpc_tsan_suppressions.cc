// Linked into tests that talk over gRPC: what ThreadSanitizer cannot know
// there. The libraries are built without it and lock with Abseil's futex
// mutexes, which it does not see, so that everything handed through them looks
// like a race. What our own threads do without gRPC on the stack stays under
// watch.

// The name and the linkage are ThreadSanitizer's.
// NOLINTNEXTLINE(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:libgrpc.so\n"
         "called_from_lib:libgrpc++.so\n"
         "called_from_lib:libgrpc++_reflection.so\n"
         "called_from_lib:libgpr.so\n"
         "race:libgrpc\n"
         "race:libgpr\n"
         "race:libabsl_\n"
         "race:^grpc::\n"
         "race:^grpc_\n"
         "mutex:libgrpc\n"
         "deadlock:libgrpc\n";
}
