import Testing

extension Tag {
  @Tag public static var slow: Self
  @Tag public static var gpu: Self
  @Tag public static var weights: Self
}
