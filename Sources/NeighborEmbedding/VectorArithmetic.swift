/// The sum of products of two vectors, eight lanes at a time.
@inline(__always)
func dotProduct(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
  var sum = SIMD8<Float>.zero
  var other = SIMD8<Float>.zero
  var index = 0
  while index + 16 <= count {
    sum += load(a + index) * load(b + index)
    other += load(a + index + 8) * load(b + index + 8)
    index += 16
  }
  if index + 8 <= count {
    sum += load(a + index) * load(b + index)
    index += 8
  }
  var rest: Float = 0
  while index < count {
    rest += a[index] * b[index]
    index += 1
  }
  return (sum + other).sum() + rest
}

@inline(__always)
func load(_ pointer: UnsafePointer<Float>) -> SIMD8<Float> {
  UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)
}

/// `target += factor * source`.
@inline(__always)
func addScaled(
  _ target: UnsafeMutablePointer<Float>, _ factor: Float, _ source: UnsafePointer<Float>,
  _ count: Int
) {
  var index = 0
  while index + 8 <= count {
    let sum = load(target + index) + factor * load(source + index)
    UnsafeMutableRawPointer(target + index).storeBytes(of: sum, as: SIMD8<Float>.self)
    index += 8
  }
  while index < count {
    target[index] += factor * source[index]
    index += 1
  }
}
