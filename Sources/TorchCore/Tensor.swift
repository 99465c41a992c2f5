import CTorch

/// A LibTorch tensor. Images are NCHW; releasing the last reference frees the memory.
///
/// Not Sendable: a tensor stays on the thread that made it; plain structs of shape and values are
/// passed between threads. Operations throw `TorchError`, because running out of memory must not
/// crash the program.
package final class Tensor {
  let handle: ct_tensor

  init(handle: ct_tensor) { self.handle = handle }
  deinit { ct_release(handle) }

  /// Calls the shim and wraps the tensor that it returns.
  ///
  /// Handles come only from parameters and `self`, which the caller keeps alive.
  static func make(
    _ operation: String, _ body: (UnsafeMutablePointer<ct_tensor?>) -> ct_err?
  ) throws -> Tensor {
    var out: ct_tensor?
    try check(body(&out), operation)
    guard let out else {
      throw TorchError.operation(operation, message: "LibTorch returned no tensor")
    }
    return Tensor(handle: out)
  }
}

// MARK: - Creation
extension Tensor {
  /// Copies `values`, in row-major order.
  package convenience init<Element: TensorElement>(
    _ values: [Element], shape: [Int], device: Device = .cpu
  ) throws {
    let dims = try Tensor.dimensions(shape)
    var out: ct_tensor?
    let message = values.withUnsafeBytes { bytes in
      ct_from_bytes(
        bytes.baseAddress, bytes.count, dims, Int32(dims.count), options(Element.dtype, device),
        &out)
    }
    try check(message, "tensor of shape \(shape) from \(values.count) values")
    self.init(handle: out!)
  }

  /// Copies raw bytes, in row-major order, of any dtype.
  package convenience init(
    bytes: UnsafeRawBufferPointer, dtype: DType, shape: [Int], device: Device = .cpu
  ) throws {
    let dims = try Tensor.dimensions(shape)
    var out: ct_tensor?
    let message = ct_from_bytes(
      bytes.baseAddress, bytes.count, dims, Int32(dims.count), options(dtype, device), &out)
    try check(message, "tensor of shape \(shape) from bytes")
    self.init(handle: out!)
  }

  package static func empty(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) throws
    -> Tensor
  {
    let dims = try dimensions(shape)
    return try make("empty") { ct_empty(dims, Int32(dims.count), options(dtype, device), $0) }
  }

  package static func full(
    _ shape: [Int], _ value: Double, dtype: DType = .float32, device: Device = .cpu
  ) throws -> Tensor {
    let dims = try dimensions(shape)
    return try make("full") { ct_full(dims, Int32(dims.count), value, options(dtype, device), $0) }
  }

  package static func zeros(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) throws
    -> Tensor
  { try full(shape, 0, dtype: dtype, device: device) }

  package static func ones(_ shape: [Int], dtype: DType = .float32, device: Device = .cpu) throws
    -> Tensor
  { try full(shape, 1, dtype: dtype, device: device) }

  /// `start`, `start + step`, … up to but not including `end`.
  package static func range(
    from start: Double, to end: Double, by step: Double = 1, dtype: DType = .float32,
    device: Device = .cpu
  ) throws -> Tensor {
    try make("range") { ct_arange(start, end, step, options(dtype, device), $0) }
  }

  static func dimensions(_ shape: [Int]) throws -> [Int64] {
    guard shape.allSatisfy({ $0 >= 0 }) else {
      throw TorchError.shape("tensor", expected: "no negative dimension", got: shape)
    }
    return shape.map(Int64.init)
  }
}

// MARK: - Properties
extension Tensor {
  package var shape: [Int] {
    let rank = Int(ct_dim(handle))
    let dims = [Int64](unsafeUninitializedCapacity: rank) { buffer, count in
      if rank > 0 { ct_shape(handle, buffer.baseAddress) }
      count = rank
    }
    return dims.map(Int.init)
  }
  package var count: Int { Int(ct_numel(handle)) }
  package var dtype: DType {
    guard let dtype = DType(rawValue: ct_dtype_of(handle)) else {
      preconditionFailure("LibTorch made a tensor of a type that no operation here asks for")
    }
    return dtype
  }
  package var device: Device {
    let o = ct_options_of(handle)
    return o.device == Int32(CT_CUDA.rawValue) ? .cuda(Int(o.index)) : .cpu
  }
  package var isChannelsLast: Bool { ct_is_channels_last(handle) }
  package var isContiguous: Bool { ct_is_contiguous(handle) }

  /// The value of a tensor with one element; waits for the device.
  package func item() throws -> Double {
    var value = 0.0
    try check(ct_item(handle, &value), "item")
    return value
  }

  /// All values in row-major order.
  /// - Throws: `TorchError.elementType` if the tensor has another type.
  package func values<Element: TensorElement>(_: Element.Type = Element.self) throws -> [Element] {
    guard dtype == Element.dtype else {
      throw TorchError.elementType(expected: Element.dtype, got: dtype)
    }
    let count = self.count
    var message: ct_err?
    let result = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      message = ct_copy_out(handle, buffer.baseAddress, count * MemoryLayout<Element>.stride)
      initialized = message == nil ? count : 0
    }
    try check(message, "values")
    return result
  }

  /// All values as Float, whatever the dtype.
  package func floats() throws -> [Float] {
    try (dtype == .float32 ? self : to(dtype: .float32)).values()
  }

  /// Calls `body` with the floats in row-major order, without copying if they already have that
  /// layout in main memory.
  /// - Throws: `TorchError.elementType` if the tensor has another type.
  package func withFloats<Result>(
    _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) throws -> Result {
    guard dtype == .float32 else {
      throw TorchError.elementType(expected: .float32, got: dtype)
    }
    let source = try to(device: .cpu).contiguous()
    return try withExtendedLifetime(source) {
      let start = ct_data(source.handle)?.assumingMemoryBound(to: Float.self)
      return try body(UnsafeBufferPointer(start: start, count: start == nil ? 0 : source.count))
    }
  }

  /// Calls `body` with the raw bytes in row-major order.
  func withBytes(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let bytes = UnsafeMutableRawBufferPointer.allocate(
      byteCount: count * dtype.bytesPerElement, alignment: 16)
    defer { bytes.deallocate() }
    try check(ct_copy_out(handle, bytes.baseAddress, bytes.count), "bytes")
    try body(UnsafeRawBufferPointer(bytes))
  }
}

// MARK: - Moving and copying
extension Tensor {
  package func to(dtype: DType) throws -> Tensor { try to(dtype: dtype, device: device) }
  package func to(device: Device) throws -> Tensor { try to(dtype: dtype, device: device) }

  /// Returns the same tensor if nothing changes. `nonBlocking` applies to copies from pinned
  /// memory.
  package func to(dtype: DType, device: Device, nonBlocking: Bool = false) throws -> Tensor {
    try Tensor.make("to \(dtype) on \(device)") {
      ct_to(handle, options(dtype, device), nonBlocking, $0)
    }
  }

  /// A copy in page-locked memory, from which copies to a GPU can overlap with computation.
  package func pinned() throws -> Tensor { try Tensor.make("pin") { ct_pin_memory(handle, $0) } }

  /// The values on `device`; to a GPU through pinned memory, without waiting for the copy. The
  /// allocator keeps the pinned memory until the copy has finished.
  package func sent(to device: Device) throws -> Tensor {
    guard case .cuda = device, self.device == .cpu else { return try to(device: device) }
    return try pinned().to(dtype: dtype, device: device, nonBlocking: true)
  }

  package func contiguous() throws -> Tensor {
    try Tensor.make("contiguous") { ct_contiguous(handle, false, $0) }
  }
  /// NHWC in memory, NCHW by index: the fastest layout for convolutions here.
  package func channelsLast() throws -> Tensor {
    try Tensor.make("channelsLast") { ct_contiguous(handle, true, $0) }
  }
  package func clone() throws -> Tensor { try Tensor.make("clone") { ct_clone(handle, $0) } }

  /// Overwrites the values, outside autograd; shapes must broadcast, types are converted.
  package func copy(from source: Tensor) throws {
    try check(ct_copy_(handle, source.handle), "copy")
  }
  /// Makes this tensor use the memory of `source`, and keeps its identity in autograd and
  /// optimizers.
  package func setData(_ source: Tensor) throws {
    try check(ct_set_data(handle, source.handle), "set data")
  }
}

extension Tensor: CustomStringConvertible {
  package var description: String { "\(dtype)\(shape) on \(device)" }
}
