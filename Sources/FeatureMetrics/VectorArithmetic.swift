/// The sum of products of two vectors, four lanes at a time.
@inline(__always)
func dotProduct(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
  var sum = SIMD4<Double>.zero
  var other = SIMD4<Double>.zero
  var index = 0
  while index + 8 <= count {
    sum += load(a + index) * load(b + index)
    other += load(a + index + 4) * load(b + index + 4)
    index += 8
  }
  var rest = 0.0
  while index < count {
    rest += a[index] * b[index]
    index += 1
  }
  return (sum + other).sum() + rest
}

/// `target += factor * source`.
@inline(__always)
func addScaled(
  _ target: UnsafeMutablePointer<Double>, _ factor: Double, _ source: UnsafePointer<Double>,
  _ count: Int
) {
  var index = 0
  while index + 4 <= count {
    store(load(target + index) + factor * load(source + index), target + index)
    index += 4
  }
  while index < count {
    target[index] += factor * source[index]
    index += 1
  }
}

@inline(__always)
func load(_ pointer: UnsafePointer<Double>) -> SIMD4<Double> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Double>.self)
}

@inline(__always)
func store(_ vector: SIMD4<Double>, _ pointer: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: SIMD4<Double>.self)
}
