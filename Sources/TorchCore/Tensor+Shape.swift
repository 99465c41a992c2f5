import CTorch

extension Tensor {
  /// One dimension may be -1.
  package func reshape(_ shape: [Int]) throws -> Tensor {
    let dims = shape.map(Int64.init)
    return try Tensor.make("reshape") { ct_reshape(handle, dims, Int32(dims.count), $0) }
  }
  /// Repeats dimensions of size 1 without copying; -1 keeps a dimension.
  package func expand(_ shape: [Int]) throws -> Tensor {
    let dims = shape.map(Int64.init)
    return try Tensor.make("expand") { ct_expand(handle, dims, Int32(dims.count), $0) }
  }
  package func permute(_ order: [Int]) throws -> Tensor {
    let dims = order.map(Int64.init)
    return try Tensor.make("permute") { ct_permute(handle, dims, Int32(dims.count), $0) }
  }
  package func transpose(_ i: Int, _ j: Int) throws -> Tensor {
    try Tensor.make("transpose") { ct_transpose(handle, Int64(i), Int64(j), $0) }
  }
  package func unsqueeze(_ dim: Int) throws -> Tensor {
    try Tensor.make("unsqueeze") { ct_unsqueeze(handle, Int64(dim), $0) }
  }
  package func squeeze(_ dim: Int) throws -> Tensor {
    try Tensor.make("squeeze") { ct_squeeze(handle, Int64(dim), $0) }
  }
  /// A view of `length` elements along one dimension.
  package func narrow(_ dim: Int, from start: Int, length: Int) throws -> Tensor {
    try Tensor.make("narrow") { ct_narrow(handle, Int64(dim), Int64(start), Int64(length), $0) }
  }
  /// An image without `border` rows and columns at each side: [N, C, H, W] -> [N, C, H - 2 b, W - 2 b].
  /// - Throws: `TorchError` if nothing would remain.
  package func cropped(_ border: Int) throws -> Tensor {
    try narrow(2, from: border, length: shape[2] - 2 * border)
      .narrow(3, from: border, length: shape[3] - 2 * border)
  }
  /// Equal parts along a dimension.
  /// - Throws: `TorchError.shape` if the size is not a multiple of `parts`.
  package func split(_ dim: Int, parts: Int) throws -> [Tensor] {
    let shape = self.shape
    let axis = dim < 0 ? dim + shape.count : dim
    guard shape.indices.contains(axis), parts > 0, shape[axis] % parts == 0 else {
      throw TorchError.shape("split", expected: "a multiple of \(parts) along \(dim)", got: shape)
    }
    let length = shape[axis] / parts
    return try (0..<parts).map { try narrow(dim, from: $0 * length, length: length) }
  }
  package func select(_ dim: Int, indices: Tensor) throws -> Tensor {
    try Tensor.make("select") { ct_index_select(handle, Int64(dim), indices.handle, $0) }
  }
  package func gather(_ dim: Int, indices: Tensor) throws -> Tensor {
    try Tensor.make("gather") { ct_gather(handle, Int64(dim), indices.handle, $0) }
  }
  package static func concatenate(_ tensors: [Tensor], _ dim: Int) throws -> Tensor {
    try withHandles(tensors) { handles, count in
      try make("concatenate") { ct_cat(handles, count, Int64(dim), $0) }
    }
  }
  package static func stack(_ tensors: [Tensor], _ dim: Int = 0) throws -> Tensor {
    try withHandles(tensors) { handles, count in
      try make("stack") { ct_stack(handles, count, Int64(dim), $0) }
    }
  }
  package func flip(_ dims: [Int]) throws -> Tensor {
    let d = dims.map(Int64.init)
    return try Tensor.make("flip") { ct_flip(handle, d, Int32(d.count), $0) }
  }
  /// Shifts elements along dimensions cyclically.
  package func roll(_ shifts: [Int], _ dims: [Int]) throws -> Tensor {
    guard shifts.count == dims.count else {
      throw TorchError.shape("roll", expected: "a shift for each dimension", got: shifts)
    }
    let s = shifts.map(Int64.init)
    let d = dims.map(Int64.init)
    return try Tensor.make("roll") { ct_roll(handle, s, d, Int32(d.count), $0) }
  }

  package enum PadMode: Sendable, Equatable {
    case constant(Double)
    case reflect, replicate
  }
  /// Pads the last two dimensions.
  package func pad(left: Int, right: Int, top: Int, bottom: Int, _ mode: PadMode) throws -> Tensor {
    let amounts = [left, right, top, bottom].map(Int64.init)
    let (code, value): (ct_pad_mode, Double) =
      switch mode {
      case .constant(let value): (CT_PAD_CONSTANT, value)
      case .reflect: (CT_PAD_REFLECT, 0)
      case .replicate: (CT_PAD_REPLICATE, 0)
      }
    return try Tensor.make("pad") { ct_pad(handle, amounts, 4, Int32(code.rawValue), value, $0) }
  }
}

/// Passes the handles of a list to the shim and keeps the tensors alive meanwhile.
func withHandles<Result>(
  _ tensors: [Tensor], _ body: ([ct_ctensor?], Int32) throws -> Result
) rethrows -> Result {
  let handles = tensors.map { Optional($0.handle) }
  return try withExtendedLifetime(tensors) { try body(handles, Int32(handles.count)) }
}
