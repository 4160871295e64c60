namespace Microservices.Errors;

/// <summary>417: an argument of a method is not what the method takes.</summary>
public sealed class ParameterTypeException(Message message) : ValidationException("FrappeTypeError", message);
