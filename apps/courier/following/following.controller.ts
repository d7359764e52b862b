import { Controller, Inject } from '@nestjs/common';
import { IsBoolean, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { Topic } from '#lgsp/kit';
import { followingSubjects, type FollowingPage, type FollowingSearch } from '#lgsp/progress';
import { FollowingDesk } from './following.desk';

const pageMax = 200;

class FollowingQuestion implements FollowingSearch {
  @IsOptional() @Matches(/^[a-z][a-z0-9-]{0,63}$/) system?: string;
  /** Only what should have ended by now. */
  @IsOptional() @IsBoolean() overdue?: boolean;
  /** What has ended as well. */
  @IsOptional() @IsBoolean() ended?: boolean;
  @IsOptional() @IsInt() @Min(1) @Max(pageMax) limit?: number;
}

/** What is followed, as it is looked at over the bus. */
@Controller()
export class FollowingController {
  constructor(@Inject(FollowingDesk) private readonly desk: FollowingDesk) {}

  @Topic(followingSubjects.following, FollowingQuestion, 'What commands began at outside systems, the oldest first')
  page(search: FollowingQuestion): Promise<FollowingPage> {
    return this.desk.page(search);
  }
}
