import Foundation

/// What becomes of memory that the program frees.
public enum FreedMemory {
  /// Keeps up to 512 MiB for the next allocation, instead of giving it back at once.
  ///
  /// glibc returns blocks of more than a few hundred KiB to the system as soon as they are free. A
  /// tensor made anew in every batch then costs a page fault for every 4 KiB: a third of the time of
  /// making samples. Call this first thing in the executable; without glibc it does nothing.
  public static func keep() {
    typealias Option = @convention(c) (_ parameter: Int32, _ value: Int32) -> Int32
    // Looked up, because Swift's module of the C library leaves malloc.h out.
    guard let symbol = dlsym(nil, "mallopt") else { return }
    let mallopt = unsafeBitCast(symbol, to: Option.self)
    let (trimThreshold, mmapThreshold) = (-1 as Int32, -3 as Int32)
    _ = mallopt(trimThreshold, 512 << 20)
    _ = mallopt(mmapThreshold, 32 << 20)  // the most that it takes
  }
}
