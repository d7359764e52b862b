/** A method of a controller that answers one subject of the book (`bookSubjects`). */
export { Topic as BookTopic } from '#lgsp/kit';
