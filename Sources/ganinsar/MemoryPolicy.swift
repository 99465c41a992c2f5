import Foundation

/// How the C library keeps memory that was freed.
enum MemoryPolicy {
  /// Keeps up to 256 MiB of freed memory for the next tensors instead of giving it back at once.
  ///
  /// A network's activations are freed and asked for again in every batch; giving back and clearing the
  /// pages each time took a fifth of the CPU time of `generate`. Blocks of 32 MiB and more, which are
  /// few, are given back as before. Does nothing where the C library is not glibc.
  static func keepFreedMemory() {
    typealias Mallopt = @convention(c) (Int32, Int32) -> Int32
    // Foundation does not show malloc.h.
    guard let symbol = dlsym(nil, "mallopt") else { return }
    let mallopt = unsafeBitCast(symbol, to: Mallopt.self)
    let (trimThreshold, mmapThreshold): (Int32, Int32) = (-1, -3)  // M_TRIM_THRESHOLD, M_MMAP_...
    _ = mallopt(trimThreshold, 256 << 20)
    _ = mallopt(mmapThreshold, 32 << 20)
  }
}
