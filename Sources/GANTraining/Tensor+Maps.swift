import TorchCore

extension Tensor {
  /// The values of maps [N, C, H, W]: N x C arrays, row-major.
  func channelsOfMaps() throws -> [[[Float]]] {
    let (count, channels, pixels) = (shape[0], shape[1], shape[2] * shape[3])
    let values = try floats()
    return (0..<count).map { map in
      (0..<channels).map { channel in
        let start = (map * channels + channel) * pixels
        return Array(values[start..<start + pixels])
      }
    }
  }
}
