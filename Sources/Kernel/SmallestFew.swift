/// The smallest few of the elements offered: a heap with the largest of them on top.
package struct SmallestFew<Element: Comparable> {
  private let capacity: Int
  private var elements: [Element] = []

  /// - Parameter capacity: how many are kept, 1 or more.
  package init(capacity: Int) {
    self.capacity = capacity
    elements.reserveCapacity(capacity)
  }

  /// The largest element kept, once there are as many as fit: what is not below it is not taken.
  package var limit: Element? { elements.count == capacity ? elements[0] : nil }

  /// The elements kept, smallest first.
  package var sorted: [Element] { elements.sorted() }

  /// Forgets all elements.
  package mutating func removeAll() { elements.removeAll(keepingCapacity: true) }

  package mutating func insert(_ element: Element) {
    if elements.count < capacity {
      elements.append(element)
      var child = elements.count - 1
      while child > 0, elements[(child - 1) / 2] < elements[child] {
        elements.swapAt(child, (child - 1) / 2)
        child = (child - 1) / 2
      }
    } else if element < elements[0] {
      elements[0] = element
      var parent = 0
      while true {
        var child = 2 * parent + 1
        if child >= capacity { break }
        if child + 1 < capacity, elements[child] < elements[child + 1] { child += 1 }
        if !(elements[parent] < elements[child]) { break }
        elements.swapAt(child, parent)
        parent = child
      }
    }
  }
}
