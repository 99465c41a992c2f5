import Foundation

/// Controls what happens to memory that the program frees.
public enum FreedMemory {
  /// Keeps up to 512 MiB for later allocations, instead of returning it to the system at once.
  ///
  /// glibc returns blocks of more than a few hundred KiB to the system as soon as they are free. A
  /// tensor that is allocated in every batch then costs a page fault for every 4 KiB, which was a
  /// third of the time of making samples. Call this at the start of the executable; without glibc
  /// it does nothing.
  public static func keep() {
    typealias Option = @convention(c) (_ parameter: Int32, _ value: Int32) -> Int32
    // Looked up at run time, because Swift's module of the C library does not include malloc.h.
    guard let symbol = dlsym(nil, "mallopt") else { return }
    let mallopt = unsafeBitCast(symbol, to: Option.self)
    let (trimThreshold, mmapThreshold) = (-1 as Int32, -3 as Int32)
    _ = mallopt(trimThreshold, 512 << 20)
    _ = mallopt(mmapThreshold, 32 << 20)  // the largest allowed value
  }
}
